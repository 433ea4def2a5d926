'use client'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { useTranslations } from 'use-intl'
import { addressOf, filtersOf, type Filters } from '@/lib/catalog/filters'

export type Choice = { value: string; words: string }
export type Select = { name: keyof Filters; label: string; choices: readonly Choice[] }
type Props = { path: string; filters: Filters; selects: readonly Select[]; children?: React.ReactNode }

/** The filters of a list, kept in its address: a form, which scripts send as soon as something is chosen. */
export function FilterBar({ path, filters, selects, children }: Props) {
  const t = useTranslations('browse')
  const router = useRouter()
  const [busy, start] = useTransition()
  const shown = new Set<string>(selects.map(({ name }) => name))
  return (
    <form
      action={path}
      aria-label={t('filters')}
      aria-busy={busy}
      onChange={(event) => {
        const chosen = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>
        start(() => router.push(addressOf(path, filtersOf(chosen)), { scroll: false }))
      }}
      className="flex flex-wrap items-center gap-2.5"
    >
      {/* What other parts of the page ask for stays. */}
      {Object.entries(filters)
        .filter(([name]) => !shown.has(name))
        .map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
      {selects.map(({ name, label, choices }) => (
        <select
          // What the address says is shown, also after going back.
          key={`${name} ${filters[name]}`}
          name={name}
          aria-label={label}
          defaultValue={filters[name] ?? ''}
          className="h-11 max-w-full rounded-full border border-line bg-surface pr-3 pl-4 text-sm font-semibold hover:border-ink/40"
        >
          {choices.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      ))}
      {children}
      <noscript>
        <button type="submit" className="h-11 rounded-full bg-ink px-5 text-sm font-semibold text-paper">
          {t('apply')}
        </button>
      </noscript>
    </form>
  )
}
