import { union, type Interval } from './intervals'

// Between two looks the position moves no faster than the clock times the speed; the rest is for coarse timers.
const SLACK_MS = 600

/**
 * What of a video was really seen, told by where the player was and when.
 *
 * Positions and moments are in ms. A stretch begins with `play` and grows with every look at the position; a jump ends
 * it where the position was last seen, so that nothing counts that was skipped.
 */
export class WatchTracker {
  private seen: Interval[] = []
  private stretch: { from: number; to: number; at: number; speed: number } | null = null

  /** It plays on from here. */
  play(positionMs: number, at: number, speed = 1) {
    this.end()
    this.stretch = { from: positionMs, to: positionMs, at, speed }
  }

  /** It is here now. A jump that nobody told of ends the stretch and begins another. */
  look(positionMs: number, at: number) {
    const { stretch } = this
    if (!stretch) return
    const reach = (at - stretch.at) * stretch.speed + SLACK_MS
    if (positionMs < stretch.to || positionMs - stretch.to > reach) {
      this.play(positionMs, at, stretch.speed)
      return
    }
    stretch.to = positionMs
    stretch.at = at
  }

  /** It plays at another speed from here on. */
  setSpeed(positionMs: number, at: number, speed: number) {
    this.look(positionMs, at)
    if (this.stretch) this.stretch.speed = speed
  }

  /** It stops here: a pause, the end, or waiting for the network. */
  pause(positionMs: number, at: number) {
    this.look(positionMs, at)
    this.end()
  }

  /** It leaves the place where it was last seen. */
  seek() {
    this.end()
  }

  /** What was seen and not yet taken, sorted and disjoint, in whole ms. It is taken by that. */
  take(): Interval[] {
    const { stretch } = this
    const taken = this.all()
    this.seen = []
    if (stretch) stretch.from = stretch.to
    return taken
  }

  /** What was taken and could not be sent. */
  giveBack(intervals: readonly Interval[]) {
    this.seen = union([...this.seen, ...intervals])
  }

  /** What was seen and not yet taken. */
  all(): Interval[] {
    const { stretch } = this
    return union(stretch ? [...this.seen, whole(stretch.from, stretch.to)] : this.seen)
  }

  private end() {
    const { stretch } = this
    if (stretch) this.seen = union([...this.seen, whole(stretch.from, stretch.to)])
    this.stretch = null
  }
}

const whole = (from: number, to: number): Interval => [Math.round(from), Math.round(to)]
