import { Skeleton } from '@/components/ui/skeleton'

export default function Loading() {
  return (
    <div className="mx-auto max-w-6xl px-5 py-10">
      <Skeleton className="h-10 w-64" />
      <div className="mt-24 grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {[0, 1, 2].map((each) => (
          <Skeleton key={each} className="h-88" />
        ))}
      </div>
    </div>
  )
}
