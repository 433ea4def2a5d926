import { describe, expect, test } from 'vitest'
import { MOST_TRIES } from './backoff'
import { PartRefused, Transfer, type Session, type Stage, type Surroundings, type UploadApi } from './transfer'

const session: Session = { id: 'u', assetId: 'a', partSizeBytes: 10, partCount: 3, stored: [] }
const file = new Blob(['x'.repeat(25)])

/** An API and a store that take everything, unless `answers` has something else for a part's next tries. */
function world(answers: Record<number, number[]> = {}) {
  const puts: number[] = []
  const urls: string[] = []
  const pauses: number[] = []
  const completions: number[][] = []
  const stages: Stage[] = []
  const surroundings: Surroundings = {
    async put({ url }, body, onSent) {
      const part = Number(url.split('/')[1])
      puts.push(part)
      urls.push(url)
      onSent(body.size)
      return answers[part]?.shift() ?? 200
    },
    async pause(ms) {
      pauses.push(ms)
    },
    online: () => Promise.resolve(),
    isOnline: () => true,
    random: () => 1,
  }
  let signed = 0
  const api: UploadApi = {
    sign: async (_, part) => ({ url: `try${++signed}/${part}`, headers: {} }),
    complete: async () => completions.shift() ?? [],
  }
  const transfer = (changes: Partial<Session> = {}) =>
    new Transfer(file, { ...session, ...changes }, api, surroundings, (stage) => stages.push(stage))
  return { puts, urls, pauses, completions, stages, surroundings, api, transfer }
}

const running = () => new AbortController().signal

describe('a transfer', () => {
  test('sends every part once, then completes', async () => {
    const { puts, stages, transfer } = world()
    const whole = transfer()
    await whole.run(running())
    expect(puts.toSorted()).toEqual([1, 2, 3])
    expect(stages.at(-1)).toBe('completing')
    expect(whole.sentBytes).toBe(25)
  })

  test('sends nothing again that the store holds', async () => {
    const { puts, transfer } = world()
    await transfer({
      stored: [
        { number: 1, sizeBytes: 10 },
        { number: 3, sizeBytes: 5 },
      ],
    }).run(running())
    expect(puts).toEqual([2])
  })

  test('tries again with a fresh URL and longer and longer pauses', async () => {
    const { pauses, puts, transfer, urls } = world({ 2: [503, 0] })
    await transfer().run(running())
    expect(puts.filter((part) => part === 2)).toHaveLength(3)
    expect(new Set(urls).size).toBe(urls.length)
    expect(pauses).toEqual([500, 1000])
  })

  test('gives up after its tries, and at once where another would be refused as well', async () => {
    const stubborn = world({ 1: Array<number>(20).fill(500) })
    await expect(stubborn.transfer().run(running())).rejects.toBeInstanceOf(PartRefused)
    expect(stubborn.puts.filter((part) => part === 1)).toHaveLength(MOST_TRIES)

    const refused = world({ 1: [400] })
    await expect(refused.transfer().run(running())).rejects.toEqual(new PartRefused(400))
    expect(refused.puts.filter((part) => part === 1)).toHaveLength(1)
  })

  test('offline it waits, and no try is lost', async () => {
    const { pauses, stages, surroundings, transfer } = world({ 1: Array<number>(20).fill(0) })
    let looks = 0
    surroundings.isOnline = () => ++looks > 20
    await transfer().run(running())
    expect(stages).toContain('offline')
    expect(pauses).toEqual([])
  })

  test('an API that is briefly away is asked again, one that refuses is not', async () => {
    const away = world()
    const sign = away.api.sign
    const failures = [Object.assign(new Error('away'), { status: 503 }), Object.assign(new Error('net'), { status: 0 })]
    away.api.sign = async (id, part) => {
      const failure = failures.shift()
      if (failure) throw failure
      return sign(id, part)
    }
    await away.transfer().run(running())
    expect(away.puts.toSorted()).toEqual([1, 2, 3])

    const closed = world()
    closed.api.sign = () => Promise.reject(Object.assign(new Error('closed'), { status: 409 }))
    await expect(closed.transfer().run(running())).rejects.toThrow('closed')
  })

  test('what the store lacks at the end is sent once more', async () => {
    const { completions, puts, transfer } = world()
    completions.push([2])
    await transfer().run(running())
    expect(puts.filter((part) => part === 2)).toHaveLength(2)
    expect(puts).toHaveLength(4)
  })

  test('ends with the reason it was stopped for, and sends nothing more', async () => {
    const { puts, transfer } = world()
    const stop = new AbortController()
    stop.abort(new Error('paused'))
    await expect(transfer().run(stop.signal)).rejects.toThrow('paused')
    expect(puts).toEqual([])
  })
})
