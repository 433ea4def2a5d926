'use client'
import { Accordion as Base } from '@base-ui/react/accordion'
import { ChevronDown } from 'lucide-react'

export const Accordion = Base.Root

type Props = { value: string; title: React.ReactNode; meta?: React.ReactNode; children: React.ReactNode }

export function AccordionItem({ value, title, meta, children }: Props) {
  return (
    <Base.Item value={value} className="border-b border-line last:border-0">
      <Base.Header className="font-sans">
        <Base.Trigger className="group flex min-h-14 w-full items-center gap-3 px-5 py-3 text-left -outline-offset-2">
          <ChevronDown
            className="size-4 shrink-0 text-muted transition-transform group-data-panel-open:rotate-180"
            aria-hidden
          />
          <span className="flex-1 font-semibold tracking-normal">{title}</span>
          {meta && <span className="text-sm font-normal tracking-normal text-muted">{meta}</span>}
        </Base.Trigger>
      </Base.Header>
      <Base.Panel className="h-(--accordion-panel-height) overflow-hidden transition-[height] duration-200 data-ending-style:h-0 data-starting-style:h-0">
        {children}
      </Base.Panel>
    </Base.Item>
  )
}
