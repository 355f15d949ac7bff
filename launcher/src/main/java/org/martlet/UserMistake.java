package org.martlet;

/// Something that the user can put right: printed as one line or a list, without a stack trace;
/// exit code 1.
public final class UserMistake extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UserMistake(String message) {
    super(message);
  }

  public UserMistake(String message, Throwable cause) {
    super(message, cause);
  }
}
