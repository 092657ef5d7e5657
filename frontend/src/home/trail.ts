// The audit trail in words. What it names that is not here is shown as it is.

import { m } from '../paraglide/messages'

export interface Entry {
  hour: string
  session?: string
  role: string
  action: string
  result: string
}

export interface Trail {
  entries: Entry[]
  whole: boolean
}

export const actions: Record<string, () => string> = {
  'account.end': m.trail_account_end,
  'account.make': m.trail_account_make,
  'account.recovery': m.trail_account_recovery,
  'account.role': m.trail_account_role,
  'deed.undo': m.trail_deed_undo,
  'door.admit': m.trail_door_admit,
  'door.admitAll': m.trail_door_admit,
  'door.back': m.trail_door_back,
  'door.link': m.trail_door_link,
  'door.set': m.trail_door_set,
  'door.unlink': m.trail_door_unlink,
  'hold.set': m.trail_hold_set,
  'invitation.make': m.trail_invitation_make,
  'invitation.withdraw': m.trail_invitation_withdraw,
  'lead.give': m.trail_lead_give,
  'lead.order': m.trail_lead_order,
  'lead.take': m.trail_lead_take,
  'organisation.demand': m.trail_organisation_demand,
  'person.alias': m.trail_person_alias,
  'person.door': m.trail_person_door,
  'person.quiet': m.trail_person_quiet,
  'person.remove': m.trail_person_remove,
  'role.give': m.trail_role_give,
  'room.freeze': m.trail_room_freeze,
  'session.close': m.trail_session_close,
  'session.keep': m.trail_session_keep,
  'session.open': m.trail_session_open,
}

const roles: Record<string, () => string> = {
  administrator: m.organisation_administrator,
  cofacilitator: m.trail_role_cofacilitator,
  facilitator: m.organisation_facilitator,
  keeper: m.trail_role_keeper,
  nobody: m.trail_role_nobody,
  participant: m.trail_role_participant,
  system: m.trail_role_system,
}

export const role = (name: string) => roles[name]?.() ?? name
export const action = (name: string) => actions[name]?.() ?? name
