import Link from 'next/link'

export function Logo() {
  return (
    <Link href="/" className="flex items-center gap-2.5 font-display text-xl font-extrabold tracking-tight">
      <svg viewBox="0 0 32 32" className="size-8" aria-hidden>
        <rect width="32" height="32" rx="9" fill="#c2361c" />
        <path
          d="M9 23V9m0 8.5C16 17.5 19 14 19.5 9M13.5 17c4 .8 7 2.6 9 6"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
        />
      </svg>
      Kosu
    </Link>
  )
}
