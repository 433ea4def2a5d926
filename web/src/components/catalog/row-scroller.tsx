'use client'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'

type Props = { title: string; children: React.ReactNode }

/** Touch and keyboards move it as they move every list; with a pointer, the buttons that appear beside it. */
export function RowScroller({ title, children }: Props) {
  const t = useTranslations('browse')
  const list = useRef<HTMLUListElement>(null)
  const [ends, setEnds] = useState({ left: true, right: true })
  useEffect(() => {
    const { current } = list
    if (!current) return
    const look = () => {
      const left = current.scrollLeft < 8
      const right = current.scrollLeft + current.clientWidth > current.scrollWidth - 8
      setEnds((known) => (known.left === left && known.right === right ? known : { left, right }))
    }
    const observer = new ResizeObserver(look)
    observer.observe(current)
    current.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      current.removeEventListener('scroll', look)
    }
  }, [])
  const move = (direction: number) => {
    const { current } = list
    current?.scrollBy({ left: direction * current.clientWidth * 0.8, behavior: 'smooth' })
  }
  const button =
    'absolute top-1/2 z-10 hidden size-11 -translate-y-1/2 place-items-center rounded-full border border-line bg-surface shadow-lift hover:border-ink/40 disabled:hidden pointer-fine:md:grid'
  return (
    <div className="relative">
      <ul
        ref={list}
        className="-mx-5 flex snap-x scroll-px-5 gap-5 overflow-x-auto px-5 pt-1 pb-4 [scrollbar-width:none] *:w-72 *:shrink-0 *:snap-start sm:*:w-80"
      >
        {children}
      </ul>
      <button
        type="button"
        aria-label={t('back', { title })}
        disabled={ends.left}
        onClick={() => move(-1)}
        className={`${button} -left-3`}
      >
        <ChevronLeft className="size-5" aria-hidden />
      </button>
      <button
        type="button"
        aria-label={t('onwards', { title })}
        disabled={ends.right}
        onClick={() => move(1)}
        className={`${button} -right-3`}
      >
        <ChevronRight className="size-5" aria-hidden />
      </button>
    </div>
  )
}
