'use client'
import { Search } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { Suspense } from 'react'
import { useTranslations } from 'use-intl'

type Props = { className?: string }

/** Works without scripts, too: it is a form that leads to /explore. */
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

function SearchForm({ className, asked }: Props & { asked: string }) {
  const t = useTranslations('common')
  const router = useRouter()
  return (
    <form
      role="search"
      action="/explore"
      className={className}
      onSubmit={(event) => {
        event.preventDefault()
        const q = String(new FormData(event.currentTarget).get('q')).trim()
        router.push(q ? `/explore?q=${encodeURIComponent(q)}` : '/explore')
      }}
    >
      <div className="relative">
        <Search className="pointer-events-none absolute top-3 left-3.5 size-4 text-muted" aria-hidden />
        <input
          type="search"
          name="q"
          defaultValue={asked}
          maxLength={200}
          aria-label={t('searchCourses')}
          placeholder={t('searchCourses')}
          className="h-10 w-full rounded-full border border-line bg-surface pr-4 pl-10 text-sm placeholder:text-muted"
        />
      </div>
    </form>
  )
}
