// Keeps the screen of somebody who reads aloud or speaks, and the projector's, from going dark. Where a
// device cannot, it simply dims as always.

/** Keeps the screen lit until the function it returns is called. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | undefined
  let done = false
  const take = async () => {
    if (done || document.visibilityState !== 'visible') return
    try {
      lock = await navigator.wakeLock?.request('screen')
      if (done) void lock?.release()
    } catch {
      // Refused, for instance by a nearly empty battery.
    }
  }
  // The browser lets go whenever the page is hidden.
  document.addEventListener('visibilitychange', take)
  void take()
  return () => {
    done = true
    document.removeEventListener('visibilitychange', take)
    void lock?.release()
  }
}
