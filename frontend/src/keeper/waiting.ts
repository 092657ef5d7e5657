// How much waits for a keeper.

import type { Session } from '../session.svelte'

export function waiting(session: Session): number {
  const keeping = session.keepers
  if (!keeping) return 0
  const support = Object.values(keeping.support).filter(
    ({ person, taken }) => person !== session.person && (!taken || taken === session.person),
  )
  const knocking = Object.values(keeping.door.knocking).filter((knock) => !knock.back)
  return (
    knocking.length +
    support.length +
    Object.values(keeping.hold.items).filter((item) => !item.agreed?.[session.person]).length +
    Object.keys(keeping.reports).length
  )
}
