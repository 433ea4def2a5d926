/** How fast bytes go out, smoothed: `sampled` at `at` ms, when `sent` bytes were out. */
export type Speed = { at: number; sent: number; bytesPerSecond: number | null }

const SAMPLE_MS = 500
const SMOOTHING = 0.3

export const standingStill = (at: number, sent: number): Speed => ({ at, sent, bytesPerSecond: null })

/** The speed after another look; looks that follow too soon change nothing. Parts that are sent anew count nothing. */
export function measured(speed: Speed, at: number, sent: number): Speed {
  const elapsed = at - speed.at
  if (elapsed < SAMPLE_MS) return speed
  const now = (Math.max(0, sent - speed.sent) / elapsed) * 1000
  const before = speed.bytesPerSecond
  return { at, sent, bytesPerSecond: before === null ? now : before + (now - before) * SMOOTHING }
}

/** Null while nobody can tell. */
export function secondsLeft(speed: Speed, sent: number, total: number): number | null {
  if (!speed.bytesPerSecond) return null
  return Math.ceil((total - sent) / speed.bytesPerSecond)
}
