// Sets words as large as the back row needs them and no larger than the picture.

const SMALLEST = 0.3

/** An attachment: shrinks the node's type, from the size its style gives, until its first child fits inside it. */
export function fit(node: HTMLElement): () => void {
  function measure() {
    const inside = node.firstElementChild as HTMLElement | null
    if (!inside) return
    node.style.removeProperty('font-size')
    const whole = parseFloat(getComputedStyle(node).fontSize)
    const fits = () => inside.offsetHeight <= node.clientHeight && inside.scrollWidth <= node.clientWidth
    if (fits()) return
    let [small, large] = [SMALLEST, 1]
    for (let i = 0; i < 7; i++) {
      const middle = (small + large) / 2
      node.style.fontSize = `${whole * middle}px`
      if (fits()) small = middle
      else large = middle
    }
    node.style.fontSize = `${whole * small}px`
  }

  // Only what is said or the room for it: the sizes set here must not start it again.
  const said = new MutationObserver(measure)
  said.observe(node, { childList: true, subtree: true, characterData: true })
  const room = new ResizeObserver(measure)
  room.observe(node)
  return () => {
    said.disconnect()
    room.disconnect()
  }
}
