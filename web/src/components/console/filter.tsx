'use client'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { clsx } from 'clsx'
import { useTranslations } from 'use-intl'

/** One of the values as a parameter of the page's address, and what sets it; undefined where it has none of them. */
export function useChoice<V extends string>(name: string, values: readonly V[]) {
  const [value, set] = useParameter(name)
  return [values.find((each) => each === value), set] as const
}

/** A parameter of the page's address, and what sets it. */
export function useParameter(name: string): [string | undefined, (value: string | undefined) => void] {
  const router = useRouter()
  const pathname = usePathname()
  const parameters = useSearchParams()
  const set = (value: string | undefined) => {
    const next = new URLSearchParams(parameters)
    if (value) next.set(name, value)
    else next.delete(name)
    router.replace(next.size > 0 ? `${pathname}?${next}` : pathname, { scroll: false })
  }
  return [parameters.get(name) || undefined, set]
}

type Props<V extends string> = {
  label: string
  options: readonly V[]
  nameOf: (option: V) => string
  chosen: V | undefined
  onChoose: (value: V | undefined) => void
}

/** Narrows a list to one of the options, or to none. */
export function Filter<V extends string>({ label, options, nameOf, chosen, onChoose }: Props<V>) {
  const t = useTranslations('console')
  return (
    <div
      role="group"
      aria-label={label}
      className="-mx-5 mb-5 flex gap-2 overflow-x-auto px-5 py-1 sm:mx-0 sm:flex-wrap sm:px-0"
    >
      {[undefined, ...options].map((option) => (
        <button
          key={option ?? ''}
          type="button"
          aria-pressed={option === chosen}
          onClick={() => onChoose(option)}
          className={clsx(
            'h-11 shrink-0 rounded-full border px-4 text-sm font-semibold transition-colors',
            option === chosen ? 'border-ink bg-ink text-paper' : 'border-line bg-surface hover:border-ink/40',
          )}
        >
          {option ? nameOf(option) : t('all')}
        </button>
      ))}
    </div>
  )
}
