import { Problem } from '@/lib/api/problem'

export type Lease = { id: string; expires_at: string; heartbeat_seconds: number }

export type StreamDoor = {
  claim(takeover: boolean): Promise<Lease>
  keep(id: string): Promise<Lease>
  /** Outlives the page. */
  release(id: string): Promise<unknown>
}

/** Why this device may not play: others do, or one of them took over. */
export type Standoff = 'stream_limit' | 'stream_lost'

/**
 * This device's right to play, held while it plays.
 *
 * Only a plain refusal stops a learner: while the leases or the network are away, the video plays on.
 */
export class StreamLease {
  private lease: Lease | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private holding = false

  constructor(
    private readonly door: StreamDoor,
    private readonly refused: (standoff: Standoff) => void,
  ) {}

  /** It plays from now on. */
  async hold({ takeover = false } = {}) {
    if (this.holding && !takeover) return
    this.holding = true
    await this.ask(() => {
      const { lease } = this
      const lives = lease && Date.parse(lease.expires_at) > Date.now()
      return lives && !takeover ? this.keepOrClaim(lease.id) : this.door.claim(takeover)
    })
  }

  /** It stands. The lease stays until it lapses: most pauses are short. */
  rest() {
    this.holding = false
    clearTimeout(this.timer)
  }

  /** It is left. */
  release() {
    this.rest()
    const { lease } = this
    this.lease = null
    // A lease that is not given back lapses by itself.
    if (lease) this.door.release(lease.id).catch(() => undefined)
  }

  private async ask(request: () => Promise<Lease>) {
    try {
      this.lease = await request()
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      if (problem.code === 'stream_limit' || problem.code === 'stream_lost') {
        this.lease = null
        this.rest()
        this.refused(problem.code)
        return
      }
    }
    if (!this.holding) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.renew(), (this.lease?.heartbeat_seconds ?? 15) * 1000)
  }

  private renew() {
    const { lease } = this
    return this.ask(() => (lease ? this.keepOrClaim(lease.id) : this.door.claim(false)))
  }

  // A lease may be lost for no other reason than that a laptop slept: it plays on if there is room.
  private async keepOrClaim(id: string): Promise<Lease> {
    try {
      return await this.door.keep(id)
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== 'stream_lost') throw problem
      return await this.door.claim(false).catch((second: unknown) => {
        throw second instanceof Problem && second.code === 'stream_limit' ? problem : second
      })
    }
  }
}
