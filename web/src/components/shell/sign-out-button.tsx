'use client'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { popoverItem } from '@/components/ui/popover-menu'
import { useProblemWords } from '@/lib/api/words'

export function SignOutButton() {
  const t = useTranslations('common')
  const explain = useProblemWords()
  const [problem, setProblem] = useState('')
  return (
    <>
      <button
        type="button"
        className={popoverItem}
        onClick={(event) => {
          event.stopPropagation() // the panel stays open, to tell what went wrong
          import('@/lib/api/sign-out')
            .then(({ signOut }) => signOut())
            .catch((cause: unknown) => setProblem(explain(cause)))
        }}
      >
        <LogOut className="size-4 text-muted" aria-hidden />
        {t('signOut')}
      </button>
      {problem && (
        <p role="alert" className="max-w-56 px-3 pb-2 text-sm text-bad">
          {problem}
        </p>
      )}
    </>
  )
}
