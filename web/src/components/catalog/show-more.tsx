'use client'
import Link from 'next/link'
import { useRef, useState, useTransition } from 'react'
import { useTranslations } from 'use-intl'
import { buttonStyles } from '@/components/ui/button'
import { useProblemWords } from '@/lib/api/words'

type Next = { cursor: string; href: string }
export type More = { items: React.ReactNode[]; next: Next | null }
type Props = {
  load: (cursor: string) => Promise<More>
  next: Next | null
  className?: string
  children: React.ReactNode
}

/** A list that grows in place. Without scripts its button is a link to the next page. */
export function ShowMore({ load, next: first, className, children }: Props) {
  const t = useTranslations('common')
  const words = useTranslations('browse')
  const explain = useProblemWords()
  const list = useRef<HTMLUListElement>(null)
  const [added, setAdded] = useState<React.ReactNode[]>([])
  const [next, setNext] = useState(first)
  const [told, setTold] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, start] = useTransition()

  const grow = (cursor: string) =>
    start(async () => {
      try {
        const more = await load(cursor)
        const last = list.current?.lastElementChild
        setAdded((before) => [...before, ...more.items])
        setNext(more.next)
        setProblem('')
        setTold(words('added', { count: more.items.length }))
        // Keyboards go on where the list went on: the button moves away, or is gone.
        requestAnimationFrame(() => last?.nextElementSibling?.querySelector<HTMLElement>('a, button')?.focus())
      } catch (cause) {
        setProblem(explain(cause))
      }
    })

  return (
    <>
      <ul ref={list} className={className}>
        {children}
        {added}
      </ul>
      {next && (
        <div className="mt-10 grid justify-items-center gap-3">
          <Link
            href={next.href}
            scroll
            prefetch={false}
            aria-disabled={busy || undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return
              event.preventDefault()
              if (!busy) grow(next.cursor)
            }}
            className={buttonStyles({ tone: 'outline', size: 'lg' })}
          >
            {busy ? t('loading') : t('more')}
          </Link>
          {problem && (
            <p role="alert" className="text-sm text-bad">
              {problem}
            </p>
          )}
        </div>
      )}
      <p role="status" className="sr-only">
        {told}
      </p>
    </>
  )
}
