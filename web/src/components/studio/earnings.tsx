'use client'
import { useQuery } from '@tanstack/react-query'
import { HandCoins } from 'lucide-react'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Blank } from '@/components/ui/blank'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { formatMoney, type Money } from '@/lib/money'
import { DataTable } from './data-table'

const less = (earned: Money, refunded: Money): Money => ({
  amount_minor: earned.amount_minor - refunded.amount_minor,
  currency: earned.currency,
})

export function Earnings() {
  const t = useTranslations('studio.money')
  const format = useFormatter()
  const locale = useLocale()
  const earnings = useQuery({
    queryKey: ['studio', 'earnings'],
    queryFn: () => answer(api.GET('/api/v1/studio/earnings')),
  })
  const money = (amount: Money) => formatMoney(amount, locale)
  // A month is UTC's, as the ledger counts it.
  const month = (name: string) =>
    format.dateTime(new Date(`${name}-01T00:00:00Z`), { year: 'numeric', month: 'long', timeZone: 'UTC' })
  return (
    <>
      <div className="py-8">
        <h1 className="text-3xl font-extrabold">{t('title')}</h1>
        <p className="mt-1 text-muted">{t('lead')}</p>
      </div>
      <Loaded query={earnings} skeleton={<Skeleton className="h-96" />}>
        {({ balances, months, courses }) =>
          balances.length === 0 ? (
            <Blank icon={HandCoins} title={t('emptyTitle')}>
              {t('emptyText')}
            </Blank>
          ) : (
            <div className="grid gap-8">
              <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
                {balances.map(({ balance, earned, refunded }) => (
                  <li key={balance.currency} className="rounded-card border border-line bg-surface p-5 shadow-card">
                    <p className="text-sm text-muted">{t('balance')}</p>
                    <p className="mt-1 font-display text-3xl font-bold tabular-nums">{money(balance)}</p>
                    <p className="mt-2 flex flex-wrap gap-x-4 text-sm text-muted tabular-nums">
                      <span>
                        {t('earned')} {money(earned)}
                      </span>
                      <span>
                        {t('refunded')} {money(refunded)}
                      </span>
                    </p>
                  </li>
                ))}
              </ul>
              <section className="min-w-0 rounded-card border border-line bg-surface p-5 shadow-card">
                <h2 className="text-lg font-bold">{t('months')}</h2>
                <DataTable
                  className="mt-3"
                  caption={t('months')}
                  heads={[t('month'), t('earned'), t('refunded'), t('net')]}
                  rows={months.map((each) => ({
                    key: each.month + each.earned.currency,
                    cells: [
                      month(each.month),
                      money(each.earned),
                      money(each.refunded),
                      money(less(each.earned, each.refunded)),
                    ],
                  }))}
                />
              </section>
              <section className="min-w-0 rounded-card border border-line bg-surface p-5 shadow-card">
                <h2 className="text-lg font-bold">{t('byCourse')}</h2>
                <DataTable
                  className="mt-3"
                  caption={t('byCourse')}
                  heads={[t('course'), t('orders'), t('earned'), t('refunded')]}
                  rows={courses.map((each) => ({
                    key: each.courses.map(({ id }) => id).join() + each.earned.currency,
                    cells: [
                      each.courses.map(({ title }) => title).join(', '),
                      format.number(each.order_count),
                      money(each.earned),
                      money(each.refunded),
                    ],
                  }))}
                />
              </section>
            </div>
          )
        }
      </Loaded>
    </>
  )
}
