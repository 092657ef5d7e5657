import type { Session } from '../session.svelte'

/** Whether one person alone looks after the people here, so that two can agree on nothing. */
export function alone(session: Session): boolean {
  const keepers = Object.values(session.everyone?.people ?? {}).filter(({ role, gone }) => role && !gone)
  return keepers.length < 2
}
