'use client'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { clsx } from 'clsx'

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
  options: readonly { value: V | undefined; name: string }[]
  chosen: V | undefined
  onChoose: (value: V | undefined) => void
}

export function Filter<V extends string>({ label, options, chosen, onChoose }: Props<V>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="-mx-5 mb-5 flex gap-2 overflow-x-auto px-5 py-1 sm:mx-0 sm:flex-wrap sm:px-0"
    >
      {options.map(({ value, name }) => (
        <button
          key={name}
          type="button"
          aria-pressed={value === chosen}
          onClick={() => onChoose(value)}
          className={clsx(
            'h-11 shrink-0 rounded-full border px-4 text-sm font-semibold transition-colors',
            value === chosen ? 'border-ink bg-ink text-paper' : 'border-line bg-surface hover:border-ink/40',
          )}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
