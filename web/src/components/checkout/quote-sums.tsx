'use client'
import { useLocale, useTranslations } from 'use-intl'
import type { components } from '@/lib/api/schema'
import { formatMoney, type Money } from '@/lib/money'
import { clsx } from 'clsx'

type Props = {
  lines: Pick<components['schemas']['QuoteLine'], 'price'>[]
  discounts: components['schemas']['Discount'][]
  tax: Money
  total: Money
}

/** What is to be paid, and how it comes about. Spoken anew when a coupon changes it. */
export function QuoteSums({ lines, discounts, tax, total }: Props) {
  const t = useTranslations('checkout')
  const locale = useLocale()
  const price = { ...total, amount_minor: lines.reduce((sum, line) => sum + line.price.amount_minor, 0) }
  return (
    <dl className="grid gap-2">
      <Row name={t('price')} amount={formatMoney(price, locale)} />
      {discounts.map(({ label, amount }) => (
        <Row
          key={label}
          name={t('coupon.discount', { code: label })}
          amount={formatMoney({ ...amount, amount_minor: -amount.amount_minor }, locale)}
          className="text-good"
        />
      ))}
      <div className="mt-1 flex items-baseline justify-between gap-4 border-t border-line pt-3" aria-live="polite">
        <dt className="font-bold">{t('total')}</dt>
        <dd className="font-display text-2xl font-extrabold tabular-nums">{formatMoney(total, locale)}</dd>
      </div>
      {tax.amount_minor > 0 && <Row name={t('tax')} amount={formatMoney(tax, locale)} className="text-sm text-muted" />}
    </dl>
  )
}

function Row({ name, amount, className }: { name: string; amount: string; className?: string }) {
  return (
    <div className={clsx('flex justify-between gap-4', className)}>
      <dt className="min-w-0 break-words">{name}</dt>
      <dd className="shrink-0 tabular-nums">{amount}</dd>
    </div>
  )
}
