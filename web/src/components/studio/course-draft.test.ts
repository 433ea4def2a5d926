import { describe, expect, test } from 'vitest'
import { bodyOf, emptyDraft, pricesOf } from './course-draft'

const draft = { ...emptyDraft('ko', 'data'), title: ' A course ', price: '49,000' }

describe('a draft of a course', () => {
  test('becomes what the API takes', () => {
    expect(bodyOf({ ...draft, outcomes: ['  draw ', ' '] })).toMatchObject({
      title: 'A course',
      price: { amount_minor: 49_000, currency: 'KRW' },
      list_price: null,
      outcomes: ['draw'],
    })
  })

  test('is nothing to send while a price is no amount', () => {
    expect(bodyOf({ ...draft, price: '' })).toBeNull()
    expect(bodyOf({ ...draft, listPrice: 'many' })).toBeNull()
    expect(pricesOf({ ...draft, listPrice: '59,000' }).listPrice).toEqual({ amount_minor: 59_000, currency: 'KRW' })
  })
})
