'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'

const PreviewDialog = dynamic(() => import('./preview-dialog').then((module) => module.PreviewDialog))

type Props = {
  lesson: { id: string; title: string; kind: string }
  className?: string
  children: React.ReactNode
}

/** Opens a lesson that is a preview above the page. */
export function PreviewButton({ lesson, className, children }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)} className={className}>
        {children}
      </button>
      {open && <PreviewDialog lesson={lesson} onClose={() => setOpen(false)} />}
    </>
  )
}
