import { describe, expect, test } from 'vitest'
import { Problem } from '@/lib/api/problem'
import { Heartbeats, unsentOf, type Beat, type Unsent } from './heartbeats'
import type { Interval } from './intervals'
import { WatchTracker } from './watch-tracker'

function player(answers: (() => Promise<unknown>)[] = []) {
  const tracker = new WatchTracker()
  const sent: (Beat & { leaving: boolean })[] = []
  const kept: (Unsent | null)[] = []
  const send = (beat: Beat, leaving: boolean) => {
    sent.push({ ...beat, leaving })
    return (answers.shift() ?? (() => Promise.resolve()))()
  }
  const beats = new Heartbeats(tracker, send, (unsent) => kept.push(unsent), { revision: 3 })
  const see = (...intervals: Interval[]) => tracker.giveBack(intervals)
  return { tracker, sent, kept, beats, see }
}
const refused = (status: number) => () => Promise.reject(new Problem('x', status, ''))

describe('Heartbeats', () => {
  test('tell where the player is and what was seen since the last one', async () => {
    const { beats, sent, see, kept } = player()
    see([0, 10_000])
    expect(await beats.beat(10_000.4)).toBe(true)
    see([10_000, 20_000])
    await beats.beat(20_000)
    expect(sent).toMatchObject([
      { position_ms: 10_000, watched: [[0, 10_000]], media_revision: 3 },
      { position_ms: 20_000, watched: [[10_000, 20_000]] },
    ])
    expect(kept.at(-1)).toBeNull()
  })

  test('count up', async () => {
    const { beats, sent, see } = player()
    for (const end of [1, 2, 3]) {
      see([0, end])
      await beats.beat(end)
    }
    const [one = 0, two = 0, three = 0] = sent.map(({ seq }) => seq)
    expect(one < two && two < three).toBe(true)
  })

  test('say nothing where there is nothing new', async () => {
    const { beats, sent } = player()
    await beats.beat(5000)
    await beats.beat(5000)
    expect(sent).toEqual([])
    await beats.beat(6000)
    expect(sent).toMatchObject([{ position_ms: 6000, watched: [] }])
  })

  test.each([0, 401, 429, 503])('keep what met %d, and tell it with the next', async (status) => {
    const { beats, sent, see, kept } = player([refused(status)])
    see([0, 10_000])
    expect(await beats.beat(10_000)).toBe(false)
    expect(kept.at(-1)).toEqual({ position_ms: 10_000, watched: [[0, 10_000]], sent: false })
    see([10_000, 20_000])
    await beats.beat(20_000)
    expect(sent.at(-1)).toMatchObject({ watched: [[0, 20_000]] })
    expect(kept.at(-1)).toBeNull()
  })

  test.each([400, 403, 404])('let go of what was refused by %d', async (status) => {
    const { beats, tracker, see, kept } = player([refused(status)])
    see([0, 10_000])
    expect(await beats.beat(10_000)).toBe(false)
    expect(tracker.all()).toEqual([])
    expect(kept.at(-1)).toBeNull()
  })

  test('go one at a time, but for the last one', async () => {
    let answered = () => {}
    const { beats, sent, see } = player([() => new Promise<void>((resolve) => (answered = resolve))])
    see([0, 1000])
    const first = beats.beat(1000)
    see([1000, 2000])
    expect(await beats.beat(2000)).toBe(false)
    await beats.beat(2000, { leaving: true })
    answered()
    await first
    expect(sent).toMatchObject([
      { watched: [[0, 1000]], leaving: false },
      { watched: [[1000, 2000]], leaving: true },
    ])
  })

  test('tell of no more stretches at once than the API takes', async () => {
    const { beats, sent, see } = player()
    see(...Array.from({ length: 201 }, (_, number): Interval => [number * 10, number * 10 + 5]))
    await beats.beat(0)
    await beats.beat(0)
    expect(sent.map(({ watched }) => watched.length)).toEqual([200, 1])
  })
})

test.each([null, 7, {}, { position_ms: 'x', watched: [] }])('%j is nothing that was kept', (kept) => {
  expect(unsentOf(kept)).toBeNull()
})
