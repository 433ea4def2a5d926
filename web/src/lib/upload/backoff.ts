export const MOST_TRIES = 8
const FIRST_MS = 500
const LONGEST_MS = 20_000

/**
 * How long to wait before a try, of which `failures` came before: twice as long each time, and scattered, so that the
 * parts that failed together do not come back together.
 *
 * @param random from 0 to 1
 */
export function backoffMs(failures: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  return Math.round(whole * (0.5 + random / 2))
}

/** Whether a part may arrive with another try and a fresh URL. 0 means that no answer came. */
export const worthAnotherTry = (status: number) =>
  status === 0 || status === 403 || status === 408 || status === 429 || status >= 500
