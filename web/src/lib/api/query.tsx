'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Problem } from './problem'
import { onSessionStart } from './session'

const worthAnotherTry = (problem: unknown) =>
  problem instanceof Problem && (problem.status === 0 || problem.status === 503) && navigator.onLine

/** For the areas behind sign-in. What the API refuses stays refused; what was away is asked for again, twice. */
export function Queries({ children }: { children: React.ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { staleTime: 10_000, retry: (failures, problem) => failures < 2 && worthAnotherTry(problem) },
        },
      }),
  )
  // What was refused while nobody was signed in is asked for again.
  useEffect(() => onSessionStart(() => void client.invalidateQueries()), [client])
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
