'use client'
import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { useTranslations } from 'use-intl'

/** `const toasts = useToasts(); toasts.add({ description })` says something in passing, aloud too. */
export const useToasts = Base.useToastManager

export function Toasts({ children }: { children: React.ReactNode }) {
  return (
    <Base.Provider>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-4 z-50 grid w-[min(24rem,calc(100vw-2rem))] gap-2">
          <Shown />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function Shown() {
  const t = useTranslations('common')
  return useToasts().toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className="flex items-start gap-3 rounded-card bg-ink p-4 text-paper shadow-lift transition-all data-ending-style:translate-y-2 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Base.Content className="min-w-0 flex-1 text-[0.9375rem]">
        <Base.Title className="font-bold" />
        <Base.Description />
      </Base.Content>
      <Base.Close aria-label={t('close')} className="-m-2 grid size-9 place-items-center rounded-full">
        <X className="size-4" aria-hidden />
      </Base.Close>
    </Base.Root>
  ))
}
