output "queue_url" {
  description = "For corduroy sources add SOURCE --sqs."
  value       = aws_sqs_queue.this.url

  # A collector that asks before the policy is there would find an empty queue, and be taken for one that works.
  depends_on = [aws_sqs_queue_policy.this]
}

output "queue_arn" {
  description = "For the role, and for a notification that is made by hand."
  value       = aws_sqs_queue.this.arn
}

output "dead_letters_arn" {
  description = "For an alarm: what lies here was not read."
  value       = aws_sqs_queue.dead_letters.arn
}
