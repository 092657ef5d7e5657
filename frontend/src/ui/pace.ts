// Where in a paced breath one is, from the moment it began: everybody with the same moment is in step.

/** The four parts of a breath; a beat of 0 or none is left out. */
export type Part = 'in' | 'hold' | 'out' | 'rest'

export const parts: Part[] = ['in', 'hold', 'out', 'rest']

export interface Breath {
  part: Part
  /** Seconds into the part, from 1. */
  second: number
  of: number
  /** How full the lungs are, 0 to 1. */
  full: number
}

/** @param beats Seconds of each part. @param since Milliseconds since the first breath began. */
export function breath(beats: number[], since: number): Breath {
  const whole = beats.reduce((sum, beat) => sum + beat, 0)
  let at = (((since / 1000) % whole) + whole) % whole
  for (const [i, beat] of beats.entries()) {
    if (at < beat) {
      const part = parts[i] ?? 'rest'
      return { part, second: Math.floor(at) + 1, of: beat, full: filled(part, at / beat) }
    }
    at -= beat
  }
  return { part: 'in', second: 1, of: beats[0] ?? 1, full: 0 }
}

function filled(part: Part, along: number): number {
  if (part === 'hold') return 1
  if (part === 'rest') return 0
  const eased = (1 - Math.cos(Math.PI * along)) / 2
  return part === 'in' ? eased : 1 - eased
}
