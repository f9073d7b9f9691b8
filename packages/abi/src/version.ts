/** Of the contracts; that of this package. */
export const CONTRACTS_VERSION = '0.1.0';

/** Protocol whose clients the contracts answer. */
export const SURFACE_VERSION = 'PoCo 6.2.0';
