'use client'
import { Inbox } from 'lucide-react'
import { Paged } from '@/components/shell/paged'
import { Blank } from '@/components/ui/blank'
import { Skeleton } from '@/components/ui/skeleton'
import type { Pages } from '@/lib/api/pages'

type Props<T> = {
  label: string
  pages: Pages<T>
  empty: string
  keyOf: (item: T) => string
  children: (item: T) => React.ReactNode
}

const skeleton = (
  <div className="grid gap-3">
    {[0, 1, 2, 3].map((row) => (
      <Skeleton key={row} className="h-20" />
    ))}
  </div>
)

/** What operators look through, each on a card of its own. */
export function List<T>({ label, pages, empty, keyOf, children }: Props<T>) {
  return (
    <Paged pages={pages} skeleton={skeleton} empty={<Blank icon={Inbox} title={empty} />}>
      {(items) => (
        <ul aria-label={label} className="grid gap-3">
          {items.map((item) => (
            <li key={keyOf(item)} className="rounded-card border border-line bg-surface p-4 shadow-card sm:px-5">
              {children(item)}
            </li>
          ))}
        </ul>
      )}
    </Paged>
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
