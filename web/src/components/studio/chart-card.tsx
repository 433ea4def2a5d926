'use client'
import { useTranslations } from 'use-intl'
import { DataTable } from './data-table'

type Props = { title: string; children: React.ReactNode; table: React.ComponentProps<typeof DataTable> }

/** A picture of figures, and the figures. */
export function ChartCard({ title, children, table }: Props) {
  const t = useTranslations('studio.analytics')
  return (
    <section aria-label={title} className="min-w-0 rounded-card border border-line bg-surface p-5 shadow-card">
      <h3 className="text-lg font-bold">{title}</h3>
      {children}
      <details className="mt-3">
        <summary className="inline-flex min-h-11 cursor-pointer items-center rounded-xl px-1 text-sm font-semibold text-muted">
          {t('asTable')}
        </summary>
        <DataTable {...table} className="mt-2 max-h-80 overflow-y-auto" />
      </details>
    </section>
  )
}
