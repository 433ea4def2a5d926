import { clsx, type ClassValue } from 'clsx'
import { twMerge } from 'tailwind-merge'

/**
 * Joins class names; of two that set the same property the later one wins. Client components of public pages take
 * clsx instead, and class names that add to one another: merging costs 7 KB of script.
 */
export const cn = (...values: ClassValue[]) => twMerge(clsx(values))
