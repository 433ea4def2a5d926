import { api } from '../api/client'
import { fileOf } from '../api/file'
import { answer } from '../api/problem'

type Wish = { orderId: string; locale: string }

const receipt = ({ orderId, locale }: Wish, accept: string, parseAs: 'text' | 'blob') =>
  api.GET('/api/v1/orders/{order_id}/receipt', {
    params: { path: { order_id: orderId } },
    headers: { Accept: accept, 'Accept-Language': locale },
    parseAs,
  })

/** The receipt as a document of its own, to be shown in a frame. Throws Problem, such as `receipt_not_found`. */
export const receiptHtml = (wish: Wish) => answer(receipt(wish, 'text/html', 'text')) as Promise<string>

/** The receipt to be kept. */
export const receiptPdf = (wish: Wish) => fileOf(receipt(wish, 'application/pdf', 'blob'), 'receipt.pdf')
