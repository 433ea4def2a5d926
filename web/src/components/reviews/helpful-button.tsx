'use client'
import { clsx } from 'clsx'
import { ThumbsUp } from 'lucide-react'
import { useState, useTransition } from 'react'
import { useTranslations } from 'use-intl'
import { SignInLink } from '@/components/shell/sign-in-link'
import { Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'

type Props = { id: string; count: number }

/** Says that a review helped, or takes that back. A vote can be repeated: it counts once. */
export function HelpfulButton({ id, count }: Props) {
  const t = useTranslations('browse')
  const explain = useProblemWords()
  const [voted, setVoted] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, start] = useTransition()
  const vote = async () => {
    const next = !voted
    setVoted(next)
    setProblem(null)
    try {
      const { voteForReview } = await import('@/lib/catalog/actions')
      await voteForReview(id, next)
    } catch (cause) {
      setVoted(!next)
      setProblem(cause)
    }
  }
  const votes = count + (voted ? 1 : 0)
  const stranger = problem instanceof Problem && problem.status === 401
  return (
    <div className="mt-2 flex flex-wrap items-center gap-3 text-sm">
      <button
        type="button"
        aria-pressed={voted}
        disabled={busy}
        onClick={() => start(vote)}
        className={clsx(
          '-ml-3 inline-flex h-11 items-center gap-2 rounded-full px-3 font-semibold hover:bg-ink/7',
          voted ? 'text-accent' : 'text-muted',
        )}
      >
        <ThumbsUp className={clsx('size-4', voted && 'fill-current')} aria-hidden />
        {t('helpful')}
        {votes > 0 && <span className="tabular-nums">{votes}</span>}
      </button>
      {problem !== null && (
        <p role="alert" className="text-bad">
          {stranger ? t('signInToVote') : explain(problem)}{' '}
          {stranger && <SignInLink className="font-semibold underline" />}
        </p>
      )}
    </div>
  )
}
