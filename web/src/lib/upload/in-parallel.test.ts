import { expect, test } from 'vitest'
import { inParallel } from './in-parallel'

test('no more than its width is under way at once, and all is done', async () => {
  const done: number[] = []
  let underWay = 0
  let most = 0
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++underWay)
    await Promise.resolve()
    underWay--
    done.push(item)
  })
  expect(most).toBe(3)
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('a failure keeps the rest from beginning, once what is under way has ended', async () => {
  const ended: number[] = []
  const work = async (item: number) => {
    if (item === 1) throw new Error('refused')
    await Promise.resolve()
    ended.push(item)
  }
  await expect(inParallel([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('refused')
  expect(ended).toEqual([2])
})

test('nothing to do is done at once', async () => {
  await inParallel([], 5, () => Promise.reject(new Error('never')))
})
