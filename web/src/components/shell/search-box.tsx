'use client'
import { clsx } from 'clsx'
import { Search } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { Suspense, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { optionAfter } from '@/lib/catalog/combobox'
import { useSuggestions } from './use-suggestions'

type Props = { className?: string; large?: boolean }

/** Looks for courses, with suggestions. Works without scripts, too: it is a form that leads to /explore. */
export function SearchBox(props: Props) {
  return (
    <Suspense fallback={<SearchForm {...props} asked="" />}>
      <SearchOfAddress {...props} />
    </Suspense>
  )
}

function SearchOfAddress(props: Props) {
  const asked = useSearchParams().get('q') ?? ''
  return <SearchForm key={asked} {...props} asked={asked} />
}

function SearchForm({ className, large = false, asked }: Props & { asked: string }) {
  const t = useTranslations('common')
  const router = useRouter()
  const id = useId()
  const [typed, setTyped] = useState(asked)
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState<number | null>(null)
  const suggestions = useSuggestions(open ? typed : '')
  const shown = open && suggestions.length > 0
  const chosen = shown && active !== null ? suggestions[active] : undefined

  const leave = (href: string) => {
    setOpen(false)
    router.push(href)
  }
  const pressed = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return // Enter ends a Korean syllable first
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      setActive((now) => optionAfter(event.key, now, suggestions.length))
    } else if (event.key === 'Escape' && shown) {
      event.preventDefault()
      setOpen(false)
    }
  }
  return (
    <form
      role="search"
      action="/explore"
      className={className}
      onSubmit={(event) => {
        event.preventDefault()
        const q = typed.trim()
        leave(chosen ? `/courses/${chosen.slug}` : q ? `/explore?q=${encodeURIComponent(q)}` : '/explore')
      }}
    >
      <div className="relative">
        <Search
          className={clsx(
            'pointer-events-none absolute left-4 text-muted',
            large ? 'top-4.5 size-5' : 'top-3.5 size-4',
          )}
          aria-hidden
        />
        <input
          type="search"
          name="q"
          role="combobox"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? `${id}-${active}` : undefined}
          aria-label={t('searchCourses')}
          autoComplete="off"
          maxLength={200}
          placeholder={t('searchCourses')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setOpen(true)
            setActive(null)
          }}
          onKeyDown={pressed}
          onBlur={() => setOpen(false)}
          className={clsx(
            'w-full rounded-full border border-line bg-surface placeholder:text-muted',
            large ? 'h-14 pr-5 pl-12 text-lg' : 'h-11 pr-4 pl-10 text-sm',
          )}
        />
        <ul
          id={`${id}-list`}
          role="listbox"
          aria-label={t('suggestions')}
          hidden={!shown}
          // Pressing an option must not take the focus from the text field.
          onMouseDown={(event) => event.preventDefault()}
          className="absolute inset-x-0 top-full z-30 mt-2 min-w-72 overflow-hidden rounded-card border border-line bg-surface p-1.5 shadow-lift"
        >
          {suggestions.map(({ slug, title }, option) => (
            <li
              key={slug}
              id={`${id}-${option}`}
              role="option"
              aria-selected={option === active}
              onMouseEnter={() => setActive(option)}
              onClick={() => leave(`/courses/${slug}`)}
              className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 text-[0.9375rem] aria-selected:bg-ink/7"
            >
              <Search className="size-4 shrink-0 text-muted" aria-hidden />
              <span className="min-w-0 truncate">{title}</span>
            </li>
          ))}
        </ul>
        <p role="status" className="sr-only">
          {shown ? t('suggestionsFound', { count: suggestions.length }) : ''}
        </p>
      </div>
    </form>
  )
}
