// A clock for drawing: the server's time, looked at once a second.

export class Clock {
  at = $state(0)

  /** To be made while a component begins; it stops with it. */
  constructor(now: () => number) {
    this.at = now()
    $effect(() => {
      const ticking = setInterval(() => (this.at = now()), 1000)
      return () => clearInterval(ticking)
    })
  }
}
