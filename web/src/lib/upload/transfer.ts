import { backoffMs, MOST_TRIES, worthAnotherTry } from './backoff'
import { inParallel } from './in-parallel'
import { missingParts, partRange, partSize, type PartPlan } from './parts'

export type Session = { id: string; assetId: string; partSizeBytes: number; partCount: number; stored: StoredPart[] }
export type StoredPart = { number: number; sizeBytes: number }
export type PartTarget = { url: string; headers: Record<string, string> }

/** What the API does for an upload. */
export interface UploadApi {
  sign(uploadId: string, part: number): Promise<PartTarget>
  /** The parts that are missing where the store does not hold all of them; else none, and the upload is complete. */
  complete(uploadId: string): Promise<number[]>
}

/** What the surroundings do: sending bytes, waiting, knowing whether there is a network. */
export interface Surroundings {
  /** The status of the answer, 0 where none came. Rejects with the signal's reason when it is aborted. */
  put(target: PartTarget, body: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<number>
  pause(ms: number, signal: AbortSignal): Promise<void>
  online(signal: AbortSignal): Promise<void>
  isOnline(): boolean
  random(): number
}

export type Stage = 'sending' | 'offline' | 'completing'

export class PartRefused extends Error {
  constructor(readonly status: number) {
    super(`The store answered ${status}.`)
  }
}

const PARALLEL = 5
const ROUNDS = 3

/**
 * Sends what the store does not hold of a file, several parts at a time, and completes the upload.
 *
 * Each try of a part asks for a fresh URL, so that it does not matter when one expires.
 */
export class Transfer {
  private readonly stored = new Map<number, number>()
  private readonly underWay = new Map<number, number>()
  private readonly plan: PartPlan
  private waiting = 0

  constructor(
    private readonly file: Blob,
    private readonly session: Session,
    private readonly api: UploadApi,
    private readonly world: Surroundings,
    private readonly onChange: (stage: Stage, sentBytes: number) => void,
  ) {
    this.plan = { sizeBytes: file.size, partSizeBytes: session.partSizeBytes, partCount: session.partCount }
    for (const part of session.stored) this.stored.set(part.number, part.sizeBytes)
  }

  get sentBytes(): number {
    const sum = (sizes: Iterable<number>) => [...sizes].reduce((total, size) => total + size, 0)
    return sum(this.stored.values()) + sum(this.underWay.values())
  }

  /** Rejects with the signal's reason when it is aborted: what has arrived stays, another transfer goes on from there. */
  async run(signal: AbortSignal): Promise<void> {
    for (let round = 1; ; round++) {
      this.changed()
      await inParallel(missingParts(this.plan, this.stored), PARALLEL, (number) => this.sendPart(number, signal))
      signal.throwIfAborted()
      this.onChange('completing', this.sentBytes)
      const missing = await this.api.complete(this.session.id)
      if (missing.length === 0) return
      if (round === ROUNDS) throw new PartRefused(0)
      for (const number of missing) this.stored.delete(number)
    }
  }

  private async sendPart(number: number, signal: AbortSignal): Promise<void> {
    for (let failures = 0; ;) {
      signal.throwIfAborted()
      const status = await this.tryPart(number, signal)
      if (status >= 200 && status < 300) return
      if (!this.world.isOnline()) {
        await this.waitForNetwork(signal)
        continue
      }
      failures++
      if (failures === MOST_TRIES || !worthAnotherTry(status)) throw new PartRefused(status)
      await this.world.pause(backoffMs(failures, this.world.random()), signal)
    }
  }

  private async tryPart(number: number, signal: AbortSignal): Promise<number> {
    const { start, end } = partRange(this.plan, number)
    try {
      const target = await this.api.sign(this.session.id, number)
      const onSent = (bytes: number) => {
        this.underWay.set(number, bytes)
        this.changed()
      }
      const status = await this.world.put(target, this.file.slice(start, end), onSent, signal)
      if (status >= 200 && status < 300) this.stored.set(number, partSize(this.plan, number))
      return status
    } catch (cause) {
      if (isNetworkTrouble(cause)) return 0
      throw cause
    } finally {
      this.underWay.delete(number)
      if (!signal.aborted) this.changed()
    }
  }

  private async waitForNetwork(signal: AbortSignal) {
    this.waiting++
    this.changed()
    try {
      await this.world.online(signal)
    } finally {
      this.waiting--
    }
  }

  private changed() {
    this.onChange(this.waiting > 0 ? 'offline' : 'sending', this.sentBytes)
  }
}

/** The API was not reached, or is briefly away: a Problem of status 0, 429 or from 500 on. */
const isNetworkTrouble = (cause: unknown) =>
  cause instanceof Error &&
  'status' in cause &&
  typeof cause.status === 'number' &&
  worthAnotherTry(cause.status) &&
  cause.status !== 403
