'use client'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { useProblemWords } from '@/lib/api/words'

/** Enrols in a free course and goes to its first lesson, where it has one. */
export function EnrolButton({ slug, first }: { slug: string; first: string | null }) {
  const t = useTranslations('browse')
  const router = useRouter()
  const explain = useProblemWords()
  const [problem, setProblem] = useState('')
  const [busy, start] = useTransition()
  const enrol = async () => {
    try {
      const { enrol } = await import('@/lib/catalog/actions')
      await enrol(slug)
      if (first) router.push(`/learn/${slug}/${first}`)
      else router.refresh()
    } catch (cause) {
      setProblem(explain(cause))
    }
  }
  return (
    <>
      <Button size="lg" busy={busy} className="w-full" onClick={() => start(enrol)}>
        {t('enrol')}
      </Button>
      {problem && (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
    </>
  )
}
