'use client'
import { useMutation } from '@tanstack/react-query'
import { LockKeyhole } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { Button, buttonStyles } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { useProblemWords } from '@/lib/api/words'
import { signInPath } from '@/lib/auth/next-path'
import { orderKey, settleOrderKey } from '@/lib/checkout/order-key'
import { formatMoney } from '@/lib/money'
import { CouponField } from './coupon-field'
import { GatewayChoice } from './gateway-choice'
import { QuoteLines } from './quote-lines'
import { QuoteSums } from './quote-sums'

type Quote = components['schemas']['Quote']
type NewOrder = components['schemas']['NewOrder']

export type CheckoutCourse = { id: string; slug: string; cover_url: string | null; by: string }
type Props = { course: CheckoutCourse; opening: Quote; isSignedIn: boolean }

export function Checkout({ course, opening, isSignedIn }: Props) {
  const t = useTranslations('checkout')
  const explain = useProblemWords()
  const locale = useLocale()
  const router = useRouter()
  const [quote, setQuote] = useState(opening)
  const [coupon, setCoupon] = useState<string | null>(null)
  const [gateway, setGateway] = useState(opening.gateways[0] ?? '')
  const isFree = quote.total.amount_minor === 0

  const requote = useMutation({
    mutationFn: (coupon_code: string | null) =>
      answer(api.POST('/api/v1/quotes', { body: { course_ids: [course.id], coupon_code } })),
    onSuccess: (quoted, coupon_code) => {
      setQuote(quoted)
      setCoupon(coupon_code)
      place.reset()
    },
  })

  const place = useMutation({
    mutationFn: (order: NewOrder) =>
      answer(
        api.POST('/api/v1/orders', {
          params: { header: { 'Idempotency-Key': orderKey(order, sessionStorage) } },
          body: order,
        }),
      ),
    onSuccess: ({ id, checkout_url }, order) => {
      settleOrderKey(order, sessionStorage)
      if (checkout_url) location.assign(checkout_url)
      else router.push(`/checkout/${id}`)
    },
    onError: (problem, order) => {
      settleOrderKey(order, sessionStorage, problem)
      if (!(problem instanceof Problem)) return
      if (problem.code === 'open_order_exists') router.push(`/checkout/${String(problem.extensions.order_id)}`)
      if (problem.code === 'already_enrolled') router.push(`/courses/${course.slug}`)
    },
  })

  // Whoever comes back from the gateway's page by the browser's button may find this one as it was left.
  const { reset } = place
  useEffect(() => {
    const shown = (event: PageTransitionEvent) => event.persisted && reset()
    addEventListener('pageshow', shown)
    return () => removeEventListener('pageshow', shown)
  }, [reset])

  // What leads on is no error to be read.
  const leadsOn = place.error instanceof Problem && ['open_order_exists', 'already_enrolled'].includes(place.error.code)
  return (
    <div className="mt-6 grid items-start gap-6 md:grid-cols-[minmax(0,1fr)_21rem] md:gap-8">
      <section
        aria-label={t('yourOrder')}
        className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-6"
      >
        <QuoteLines lines={quote.lines} course={course} />
        <hr className="my-5 border-line" />
        <CouponField
          applied={coupon}
          busy={requote.isPending}
          problem={requote.error}
          onApply={(code) => requote.mutate(code)}
          onRemove={() => requote.mutate(null)}
        />
      </section>
      <section
        aria-label={t('payment')}
        className="grid gap-5 rounded-card border border-line bg-surface p-5 shadow-card sm:p-6 md:sticky md:top-24"
      >
        <QuoteSums lines={quote.lines} discounts={quote.discounts} tax={quote.tax} total={quote.total} />
        {isSignedIn && !isFree && <GatewayChoice gateways={quote.gateways} chosen={gateway} onChoose={setGateway} />}
        {place.isError && !leadsOn && <Notice tone="bad">{explain(place.error)}</Notice>}
        {isSignedIn ? (
          <Button
            size="lg"
            busy={place.isPending || place.isSuccess || leadsOn}
            disabled={requote.isPending}
            onClick={() => place.mutate({ course_ids: [course.id], coupon_code: coupon, gateway })}
          >
            {isFree ? t('takeForFree') : t('pay', { amount: formatMoney(quote.total, locale) })}
          </Button>
        ) : (
          <Link href={signInPath(`/checkout?course=${course.id}`)} className={buttonStyles({ size: 'lg' })}>
            {t('signInToPay')}
          </Link>
        )}
        {!isFree && (
          <p className="flex gap-2 text-sm text-muted">
            <LockKeyhole className="mt-0.5 size-4 shrink-0" aria-hidden />
            {t('safely')}
          </p>
        )}
      </section>
    </div>
  )
}
