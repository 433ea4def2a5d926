'use client'
import { useId, useRef } from 'react'
import { clsx } from 'clsx'

type Props = { label: string; icon: React.ReactNode; className?: string; children: React.ReactNode }

/**
 * A button that opens a panel of links and choices, by the browser's own popover: it closes by Escape, a click beside
 * it or a choice within, and costs public pages no script of a library.
 */
export function PopoverMenu({ label, icon, className, children }: Props) {
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  return (
    <div className="relative">
      <button
        type="button"
        popoverTarget={id}
        aria-label={label}
        className={clsx('grid size-11 place-items-center rounded-full', className)}
      >
        {icon}
      </button>
      <div
        id={id}
        ref={panel}
        popover="auto"
        onClick={(event) => {
          if ((event.target as Element).closest('a, button')) panel.current?.hidePopover()
        }}
        className="fixed inset-auto top-16 right-[max(1rem,calc((100vw-72rem)/2+1.25rem))] m-0 max-h-[calc(100dvh-5rem)] min-w-56 overflow-y-auto rounded-card border border-line bg-surface p-1.5 text-ink shadow-lift"
      >
        {children}
      </div>
    </div>
  )
}

/** The look of a link or button within. */
export const popoverItem =
  'flex min-h-11 w-full items-center gap-2.5 rounded-xl px-3 text-left text-[0.9375rem] hover:bg-ink/7'
