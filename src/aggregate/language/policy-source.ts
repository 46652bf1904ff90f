/** Where a response comes from. */
export type PolicySource =
  | { readonly kind: 'reference' }
  /** 0-based, largest share first. */
  | { readonly kind: 'type'; readonly type: number }
  | { readonly kind: 'plain-dpo' }
  /** A type is drawn for each response. */
  | { readonly kind: 'mixture'; readonly weights: readonly number[] }
  /** Token by token: π_ref Π_k (π_k/π_ref)^exponent_k; exponent_k = c_k λ_k. */
  | { readonly kind: 'loglinear'; readonly exponents: readonly number[] }
  | { readonly kind: 'distilled' };
