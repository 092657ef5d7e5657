/** Keeps a projector's screen from going dark while the stage is shown; ends when the returned function is called. */
export function awake(): () => void {
  let lock: WakeLockSentinel | undefined
  let over = false

  async function hold() {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    try {
      lock = await navigator.wakeLock.request('screen')
      if (over) void lock.release()
    } catch {
      // Refused, for instance on a low battery: the screen then sleeps as it is set to.
    }
  }

  void hold()
  document.addEventListener('visibilitychange', hold)
  return () => {
    over = true
    document.removeEventListener('visibilitychange', hold)
    void lock?.release()
  }
}
