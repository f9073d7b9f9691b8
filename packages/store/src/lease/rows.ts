export interface LeaseTable {
  readonly name: string;
  readonly holder: string;
  readonly expiresAt: Date;
}
