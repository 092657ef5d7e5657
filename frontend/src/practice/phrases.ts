// What the room's words on the wire are called on the screen.

import { m } from '../paraglide/messages'

type Words = Record<string, () => string>

export const behaviours: Words = {
  specific: m.practice_do_specific,
  responsibility: m.practice_do_responsibility,
  permission: m.practice_do_permission,
  'no-asking': m.practice_do_no_asking,
  'no-explaining': m.practice_do_no_explaining,
  silence: m.practice_do_silence,
  reflected: m.practice_do_reflected,
  repair: m.practice_do_repair,
  accepted: m.practice_do_accepted,
  closed: m.practice_do_closed,
}

export const stances: Words = {
  receptive: m.practice_stance_receptive,
  guarded: m.practice_stance_guarded,
  angry: m.practice_stance_angry,
  silent: m.practice_stance_silent,
  refuses: m.practice_stance_refuses,
}

export const difficulties = [m.practice_difficulty_1, m.practice_difficulty_2, m.practice_difficulty_3]

export const roles: Words = {
  speaker: m.practice_role_speaker,
  listener: m.practice_role_listener,
  observer: m.practice_role_observer,
}

/** Of oneself. */
export const mine: Words = {
  speaker: m.practice_me_speaker,
  listener: m.practice_me_listener,
  observer: m.practice_me_observer,
}

/** Once the practice is over and is only talked about. */
export const were: Words = {
  speaker: m.practice_role_spoke,
  listener: m.practice_role_listened,
  observer: m.practice_role_watched,
}

export const mineWas: Words = {
  speaker: m.practice_me_spoke,
  listener: m.practice_me_listened,
  observer: m.practice_me_watched,
}

/** The phases in which each in turn says how it was. */
export const looksBack = (phase: string) => ['speaker', 'listener', 'observer'].includes(phase)

export const phases: Words = {
  consent: m.practice_phase_consent,
  prepare: m.practice_phase_prepare,
  rehearse: m.practice_phase_rehearse,
  speaker: m.practice_phase_speaker,
  listener: m.practice_phase_listener,
  observer: m.practice_phase_observer,
  again: m.practice_phase_again,
}

const tasks: Record<string, Words> = {
  prepare: {
    speaker: m.practice_prepare_speaker,
    listener: m.practice_prepare_listener,
    observer: m.practice_prepare_observer,
  },
  rehearse: {
    speaker: m.practice_rehearse_speaker,
    listener: m.practice_rehearse_listener,
    observer: m.practice_rehearse_observer,
  },
  speaker: { speaker: m.practice_view_speaker },
  listener: { listener: m.practice_view_listener },
  observer: { observer: m.practice_view_observer },
  again: {
    speaker: m.practice_again_speaker,
    listener: m.practice_again_listener,
    observer: m.practice_again_observer,
  },
}

/** What this phase asks of somebody with this role; the listeners to a view listen. */
export function task(phase: string, role: string): string {
  return (tasks[phase]?.[role] ?? m.practice_view_listen)()
}

const steppedOut: Record<string, (of: { alias: string }) => string> = {
  speaker: m.practice_out_speaker,
  listener: m.practice_out_listener,
  observer: m.practice_out_observer,
}

/** “I am not your sister. I am Ana.” Who is empty where nobody's words say whom one played. */
export function notMe(role: string, { who, alias }: { who: string; alias: string }): string {
  return who ? m.practice_out_words({ who, alias }) : (steppedOut[role] ?? m.practice_out_speaker)({ alias })
}

export const choices: Words = {
  on: m.practice_choose_on,
  change: m.practice_choose_change,
  end: m.practice_choose_end,
}
