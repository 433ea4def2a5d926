import { expect, test } from 'vitest'
import { commandOf, faster } from './shortcuts'

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

test.each([
  [' ', { do: 'toggle' }],
  ['K', { do: 'toggle' }],
  ['ArrowRight', { do: 'step', ms: 5000 }],
  ['j', { do: 'step', ms: -10_000 }],
  ['7', { do: 'goto', share: 0.7 }],
  ['End', { do: 'goto', share: 1 }],
  ['<', { do: 'speed', by: -1 }],
  ['?', { do: 'help' }],
  ['x', undefined],
  ['F5', undefined],
])('%s', (key, command) => {
  expect(commandOf(press(key), true)).toEqual(command)
})

test.each(['ctrlKey', 'metaKey', 'altKey'])('with %s it is the browser’s', (modifier) => {
  expect(commandOf(press('f', { [modifier]: true }), true)).toBeUndefined()
})

test.each(['ArrowUp', 'ArrowDown', 'Home', 'End'])('%s scrolls the page where the player has no focus', (key) => {
  expect(commandOf(press(key), false)).toBeUndefined()
  expect(commandOf(press(key), true)).toBeDefined()
})

test('speeds go by quarters from a half to double', () => {
  expect([faster(1, 1), faster(1, -1), faster(2, 1), faster(0.5, -1)]).toEqual([1.25, 0.75, 2, 0.5])
})
