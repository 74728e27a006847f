output "role_arn" {
  description = "For corduroy sources add SOURCE --role."
  value       = aws_iam_role.this.arn

  # Without its policy the role is of no use.
  depends_on = [aws_iam_role_policy.this]
}
