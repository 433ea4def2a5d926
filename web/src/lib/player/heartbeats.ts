import { Problem } from '@/lib/api/problem'
import type { Interval } from './intervals'
import type { WatchTracker } from './watch-tracker'

export type Beat = { position_ms: number; watched: Interval[]; seq: number; media_revision: number }

/** What no answer came for. `sent`: the page was left right after, so that it may well have arrived. */
export type Unsent = { position_ms: number; watched: Interval[]; sent: boolean }

export type BeatOptions = {
  /** The page is being left: the request outlives it. */
  leaving?: boolean
}

// What the API takes in one heartbeat.
const MOST_INTERVALS = 200

/**
 * Tells the API where the player is and what was seen. What does not arrive is kept and told with the next heartbeat;
 * telling twice does no harm, since the API joins what it hears.
 */
export class Heartbeats {
  private readonly revision: number
  private lastSeq = 0
  private lastPosition: number | null = null
  private underWay = 0

  constructor(
    private readonly tracker: WatchTracker,
    private readonly send: (beat: Beat, leaving: boolean) => Promise<unknown>,
    private readonly keep: (unsent: Unsent | null) => void,
    { revision }: { revision: number },
  ) {
    this.revision = revision
  }

  /** @returns whether the API has heard it; also true where there is nothing new to tell */
  async beat(positionMs: number, { leaving = false }: BeatOptions = {}): Promise<boolean> {
    if (this.underWay > 0 && !leaving) return false
    const position_ms = Math.max(0, Math.round(positionMs))
    const all = this.tracker.take()
    if (all.length === 0 && position_ms === (this.lastPosition ?? position_ms)) {
      this.lastPosition = position_ms
      return true
    }
    const watched = all.slice(0, MOST_INTERVALS)
    this.tracker.giveBack(all.slice(MOST_INTERVALS))
    this.keep({ position_ms, watched: all, sent: leaving })
    this.underWay += 1
    try {
      await this.send({ position_ms, watched, seq: this.nextSeq(), media_revision: this.revision }, leaving)
      this.lastPosition = position_ms
      this.keep(null)
      return true
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      if (!isPassing(problem)) {
        this.keep(null)
        return false
      }
      this.tracker.giveBack(watched)
      this.keep({ position_ms, watched: this.tracker.all(), sent: false })
      return false
    } finally {
      this.underWay -= 1
    }
  }

  // It has to count up on this device, over reloads and in all its tabs: so does the clock.
  private nextSeq() {
    this.lastSeq = Math.max(this.lastSeq + 1, Date.now())
    return this.lastSeq
  }
}

// Refusals stay refused. A session that ended is no refusal: its learner signs in and goes on.
const isPassing = ({ status }: Problem) => status === 0 || status === 401 || status === 429 || status >= 500

/** Reads what was kept; null where it is none. */
export function unsentOf(kept: unknown): Unsent | null {
  const { position_ms, watched, sent } = (kept ?? {}) as Partial<Unsent>
  return typeof position_ms === 'number' && Array.isArray(watched)
    ? { position_ms, watched, sent: sent === true }
    : null
}
