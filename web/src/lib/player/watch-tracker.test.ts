import { describe, expect, test } from 'vitest'
import { union, type Interval } from './intervals'
import { WatchTracker } from './watch-tracker'

/** Plays from a position for so many ms of the clock, looked at four times a second. */
function watch(tracker: WatchTracker, from: number, clockMs: number, { at = 0, speed = 1 } = {}) {
  tracker.play(from, at, speed)
  for (let passed = 250; passed <= clockMs; passed += 250) tracker.look(from + passed * speed, at + passed)
}

describe('union', () => {
  test.each<[Interval[], Interval[]]>([
    [[], []],
    [[[5, 5]], []],
    [
      [
        [10, 20],
        [0, 10],
      ],
      [[0, 20]],
    ],
    [
      [
        [0, 30],
        [10, 20],
        [40, 50],
      ],
      [
        [0, 30],
        [40, 50],
      ],
    ],
  ])('%j is %j', (given, expected) => {
    expect(union(given)).toEqual(expected)
  })
})

describe('WatchTracker', () => {
  test('counts what plays', () => {
    const tracker = new WatchTracker()
    watch(tracker, 1000, 5000)
    expect(tracker.take()).toEqual([[1000, 6000]])
  })

  test('counts nothing while it stands', () => {
    const tracker = new WatchTracker()
    tracker.look(1000, 0)
    tracker.look(9000, 8000)
    expect(tracker.take()).toEqual([])
  })

  test('counts up to the pause', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 1000)
    tracker.pause(1120, 1120)
    tracker.look(5000, 9000)
    expect(tracker.take()).toEqual([[0, 1120]])
  })

  test('leaves no gap between two takes', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 1000)
    const first = tracker.take()
    tracker.look(1250, 1250)
    tracker.look(1500, 1500)
    expect(union([...first, ...tracker.take()])).toEqual([[0, 1500]])
  })

  test('does not count what was skipped', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 1000)
    tracker.seek()
    watch(tracker, 60_000, 1000, { at: 1200 })
    expect(tracker.take()).toEqual([
      [0, 1000],
      [60_000, 61_000],
    ])
  })

  test('does not count a jump that it was not told of', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 1000)
    tracker.look(60_000, 1250)
    tracker.look(60_250, 1500)
    tracker.look(5000, 1750)
    tracker.look(5250, 2000)
    expect(tracker.take()).toEqual([
      [0, 1000],
      [5000, 5250],
      [60_000, 60_250],
    ])
  })

  test('counts all of it at double speed', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 5000, { speed: 2 })
    expect(tracker.take()).toEqual([[0, 10_000]])
  })

  test('goes on at another speed without a gap', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 1000)
    tracker.setSpeed(1100, 1100, 2)
    tracker.look(21_100, 11_100)
    expect(tracker.take()).toEqual([[0, 21_100]])
  })

  test('survives timers that come late, as those of hidden tabs do', () => {
    const tracker = new WatchTracker()
    tracker.play(0, 0)
    tracker.look(60_000, 60_000)
    expect(tracker.take()).toEqual([[0, 60_000]])
  })

  test('tells of what was seen twice once', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 4000)
    tracker.seek()
    watch(tracker, 2000, 4000, { at: 5000 })
    expect(tracker.take()).toEqual([[0, 6000]])
  })

  test('keeps what could not be sent, and takes nothing twice', () => {
    const tracker = new WatchTracker()
    watch(tracker, 0, 2000)
    const lost = tracker.take()
    expect(tracker.take()).toEqual([])
    tracker.giveBack(lost)
    tracker.look(2250, 2250)
    expect(tracker.all()).toEqual([[0, 2250]])
    expect(tracker.take()).toEqual([[0, 2250]])
  })

  test('tells whole milliseconds', () => {
    const tracker = new WatchTracker()
    tracker.play(0.4, 0)
    tracker.pause(100.6, 100)
    expect(tracker.take()).toEqual([[0, 101]])
  })
})
