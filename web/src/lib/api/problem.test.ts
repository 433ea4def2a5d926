import { describe, expect, test } from 'vitest'
import { answer, Problem, problemOf } from './problem'

const told = {
  type: 'urn:kosu:problem:open_order_exists',
  title: 'Conflict',
  status: 409,
  code: 'open_order_exists',
  detail: 'You have an open order for this course.',
  order_id: 'o1',
}

describe('problemOf', () => {
  test('reads a problem document, and what it says besides', () => {
    const problem = problemOf(new Response(null, { status: 409 }), told)
    expect(problem).toMatchObject({ code: 'open_order_exists', status: 409, message: told.detail, fields: [] })
    expect(problem.extensions.order_id).toBe('o1')
  })

  test('knows which field is wrong', () => {
    const errors = [{ field: 'email', message: 'no address' }]
    expect(problemOf(new Response(null, { status: 422 }), { code: 'invalid_email', errors }).fields).toEqual(errors)
  })

  test.each([
    [502, '<html>Bad Gateway</html>', 'unavailable'],
    [500, undefined, 'unavailable'],
    [404, null, 'invalid'],
    [400, { code: 7, errors: 'none' }, 'invalid'],
  ])('an answer with %i that is no problem document is one by its status', (status, body, code) => {
    expect(problemOf(new Response(null, { status }), body)).toMatchObject({ code, status, fields: [] })
  })

  test.each([
    [{ 'retry-after': '12' }, 12],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:00 GMT' }, null],
    [{}, null],
  ])('%j waits for %s seconds', (headers, seconds) => {
    expect(problemOf(new Response(null, { status: 429, headers }), {}).retryAfterSeconds).toBe(seconds)
  })
})

describe('answer', () => {
  const settled = (status: number, rest: object) =>
    Promise.resolve({ response: new Response(null, { status }), ...rest })

  test('is the data of what went well, which may be nothing', async () => {
    await expect(answer(settled(200, { data: { id: 1 } }))).resolves.toEqual({ id: 1 })
    await expect(answer(settled(204, {}))).resolves.toBeUndefined()
  })

  test('throws what was refused', async () => {
    await expect(answer(settled(409, { error: told }))).rejects.toMatchObject({ code: 'open_order_exists' })
  })

  test('throws a problem of the network where no answer came', async () => {
    const problem = await answer(Promise.reject(new TypeError('Failed to fetch'))).catch((cause: unknown) => cause)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({ code: 'network', status: 0 })
  })

  test('lets pass what is no matter of the network', async () => {
    const aborted = new DOMException('left', 'AbortError')
    await expect(answer(Promise.reject(aborted))).rejects.toBe(aborted)
  })
})
