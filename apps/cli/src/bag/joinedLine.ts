import type { JoinedFile } from './joinResults.ts';

export const joinedLine = ({ path, sizeBytes, method }: JoinedFile): string => `joined  ${path}, ${sizeBytes} bytes (${method})`;
