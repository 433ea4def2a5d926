'use client'
import { CloudAlert, Inbox } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import type { usePages } from '@/lib/api/pages'
import { useProblemWords } from '@/lib/api/words'

type Props<T> = {
  label: string
  pages: ReturnType<typeof usePages<T>>
  empty: string
  keyOf: (item: T) => string
  children: (item: T) => React.ReactNode
}

/** A list with all that may come instead of it: loading, nothing, an error, and more of it. */
export function List<T>({ label, pages, empty, keyOf, children }: Props<T>) {
  const t = useTranslations('common')
  const explain = useProblemWords()
  if (pages.isPending)
    return (
      <div role="status" aria-label={t('loading')} className="grid gap-3">
        {[0, 1, 2, 3].map((row) => (
          <Skeleton key={row} className="h-20" />
        ))}
      </div>
    )
  if (pages.error && pages.items.length === 0)
    return (
      <Blank
        icon={CloudAlert}
        title={t('errorTitle')}
        action={<Button onClick={() => void pages.refetch()}>{t('retry')}</Button>}
      >
        {explain(pages.error)}
      </Blank>
    )
  if (pages.items.length === 0) return <Blank icon={Inbox} title={empty} />
  return (
    <>
      <ul aria-label={label} className="grid gap-3">
        {pages.items.map((item) => (
          <li key={keyOf(item)} className="rounded-card border border-line bg-surface p-4 shadow-card sm:px-5">
            {children(item)}
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className="mt-5 text-center">
          <Button tone="outline" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
      {pages.error && (
        <p role="alert" className="mt-3 text-center text-sm text-bad">
          {explain(pages.error)}
        </p>
      )}
    </>
  )
}

/** A row of a list: what it is, its state, what belongs to it, and what can be done. */
export function Row(props: {
  title: React.ReactNode
  badge?: React.ReactNode
  facts: React.ReactNode[]
  children?: React.ReactNode
}) {
  const facts = props.facts.filter((fact) => fact !== null && fact !== '' && fact !== undefined && fact !== false)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="font-sans text-base font-semibold tracking-normal [overflow-wrap:anywhere]">{props.title}</h2>
          {props.badge}
        </div>
        <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-muted [overflow-wrap:anywhere]">
          {facts.map((fact, place) => (
            <li key={place}>{fact}</li>
          ))}
        </ul>
      </div>
      {props.children && <div className="flex flex-wrap gap-2">{props.children}</div>}
    </div>
  )
}
